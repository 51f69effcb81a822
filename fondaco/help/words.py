"""Words of the screens, as articles quote them.

An article must call a button what the screen calls it. `screen_word` asks the catalogue of translations that the
screen itself uses; only for a screen that does not exist yet does the small list here answer.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext, override

# English words of a screen: (Vietnamese, Traditional Chinese)
EXPECTED: Mapping[str, tuple[str, str]] = {
    "Account info": ("Thông tin tài khoản", "帳戶資訊"),
    "Activate": ("Kích hoạt", "啟用"),
    "Add a Product": ("Thêm sản phẩm", "新增商品"),
    "Buy Now (One-Click)": ("Mua ngay (một lần nhấp)", "立即購買（一鍵下單）"),
    "Buy Shipping": ("Mua dịch vụ vận chuyển", "購買配送服務"),
    "Contact Seller": ("Liên hệ người bán", "聯絡賣家"),
    "Contact Seller Support": ("Liên hệ hỗ trợ của người bán", "聯絡賣家支援"),
    "Contact Us": ("Liên hệ với chúng tôi", "聯絡我們"),
    "Control order volume": ("Kiểm soát lượng đơn hàng", "控制訂單量"),
    "Done": ("Hoàn tất", "完成"),
    "Edit": ("Chỉnh sửa", "編輯"),
    "Fulfilled by the marketplace": ("Do sàn hoàn tất đơn hàng", "由平台出貨"),
    "Get Product Support": ("Nhận hỗ trợ sản phẩm", "取得商品支援"),
    "Images": ("Hình ảnh", "圖片"),
    "Imaging complete": ("Đã chụp xong", "拍攝完成"),
    "Imaging services billed": ("Đã tính phí dịch vụ chụp ảnh", "拍攝服務已計費"),
    "In progress": ("Đang xử lý", "處理中"),
    "Inventory": ("Kho hàng", "庫存"),
    "Let us image your products (Beta)": (
        "Để chúng tôi chụp ảnh sản phẩm của bạn (Beta)",
        "由我們為您的商品拍照（Beta）",
    ),
    "Maker profile": ("Hồ sơ nghệ nhân", "創作者檔案"),
    "Manage Images": ("Quản lý hình ảnh", "管理圖片"),
    "Manage Inventory": ("Quản lý kho hàng", "管理庫存"),
    "Messages": ("Tin nhắn", "訊息"),
    "Online Returns Center": ("Trung tâm trả hàng trực tuyến", "線上退貨中心"),
    "Order placed": ("Đã đặt đơn", "訂單已成立"),
    "Order total": ("Tổng tiền đơn hàng", "訂單總額"),
    "Other transactions": ("Giao dịch khác", "其他交易"),
    "Payments": ("Thanh toán", "付款"),
    "Product received at studio": ("Studio đã nhận sản phẩm", "攝影棚已收到商品"),
    "Relist in handmade": ("Đăng lại trong gian hàng thủ công", "重新刊登到手作商店"),
    "Reports": ("Báo cáo", "報表"),
    "Request submitted": ("Đã gửi yêu cầu", "已送出要求"),
    "Retry failed rows": ("Thử lại các dòng lỗi", "重試失敗的列"),
    "Settings": ("Cài đặt", "設定"),
    "Shipping settings": ("Cài đặt vận chuyển", "配送設定"),
    "Statement View": ("Xem theo sao kê", "對帳單檢視"),
    "Transaction View": ("Xem theo giao dịch", "交易檢視"),
    "Upload inventory": ("Tải tệp kho hàng lên", "上傳庫存"),
    "Your Orders": ("Đơn hàng của bạn", "您的訂單"),
}


def screen_word(word: str, *, language: str) -> str:
    """What the screen says in that language; English itself where nobody has translated it."""
    with override(language):
        shown = gettext(word)
    if shown != word or language == "en":
        return shown
    vietnamese, chinese = EXPECTED.get(word, (word, word))
    return {"vi": vietnamese, "zh-hant": chinese}.get(language, word)
