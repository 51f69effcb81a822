import os

from spapi import SPAPIClient, SPAPIConfig
from spapi.api.sellers_v1.sellers_api import SellersApi

url, keys = os.environ["FONDACO_URL"], [os.environ[name] for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")]
config = SPAPIConfig(client_id=keys[0], client_secret=keys[1], refresh_token=keys[2], region="NA")
client = SPAPIClient(config, endpoint=url, oauth_endpoint=f"{url}/auth/o2/token")
for each in SellersApi(client.api_client).get_marketplace_participations().payload:
    print(each.marketplace.id, each.marketplace.name)
