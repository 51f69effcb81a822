"""The arithmetic of the mends: pixels in, pixels out. Which mends there are stands in `fixes.py`."""
