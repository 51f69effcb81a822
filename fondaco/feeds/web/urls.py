"""Pages of inventory files."""

from django.urls import path

from fondaco.feeds.web import views

app_name = "feeds"
urlpatterns = [
    path("seller/inventory/upload/", views.upload, name="upload"),
    path("seller/inventory/template/", views.template, name="template"),
    path("seller/inventory/template/example/", views.example, name="example"),
    path("seller/inventory/files/", views.uploads, name="uploads"),
    path("seller/inventory/files/<str:number>/", views.batch, name="batch"),
    path("seller/inventory/files/<str:number>/report/", views.report, name="report"),
    path("seller/inventory/files/<str:number>/failed/", views.failed_records, name="failed"),
    path("seller/inventory/files/<str:number>/retry/", views.retry, name="retry"),
    path("seller/inventory/files/<str:number>/cancel/", views.cancel, name="cancel"),
]
