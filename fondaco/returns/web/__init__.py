"""Pages of returns: the buyer's, the seller's and its warehouse's, customer service's, support's and the operator's."""
