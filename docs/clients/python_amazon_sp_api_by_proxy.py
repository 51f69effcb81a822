import os

from sp_api.api import Sellers
from sp_api.base import Marketplaces

names = {"lwa_app_id": "CLIENT_ID", "lwa_client_secret": "CLIENT_SECRET", "refresh_token": "REFRESH_TOKEN"}
keys = {name: os.environ[variable] for name, variable in names.items()}
for each in Sellers(marketplace=Marketplaces.US, credentials=keys).get_marketplace_participation().payload:
    print(each["marketplace"]["id"], each["marketplace"]["name"])
