"""`eksview doctor`: the access chain, a node or an instance, and what is printed of them."""
