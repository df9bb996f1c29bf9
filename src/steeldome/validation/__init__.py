"""Is it right: published and computed reference cases that the product's own functions answer."""
