"""What our site tells: page views, clicks on signed links, forms. Reads the inbox; may know letters and imports."""
