"""`fondaco audit SOURCE`: every picture of a folder, a bucket or this installation, one row each, in Parquet.

Read `job.py` first: list what is there, take away what is done, inspect the rest batch by batch, sum up. Plain Python
(only the source `catalogue` needs Django, when it is asked for); pyarrow, Daft and boto3 come with the extra `audit`.
"""
