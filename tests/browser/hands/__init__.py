"""What people of each role do in a browser, as they would: by what stands on the page."""
