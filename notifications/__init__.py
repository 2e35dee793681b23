"""Letters out: written from templates, packed one for each person, sent until the server has them."""
