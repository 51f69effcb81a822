"""Pages of orders: cart, checkout, Your Orders, the seller's Orders."""
