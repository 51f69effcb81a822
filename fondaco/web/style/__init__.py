"""The living style guide: every component at work, with invented data. Only in a demo store or while developing."""
