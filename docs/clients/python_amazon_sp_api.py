import os
from types import SimpleNamespace

from sp_api.api import Sellers
from sp_api.auth import AccessTokenClient

url, names = os.environ["FONDACO_URL"], {"lwa_app_id": "CLIENT_ID", "lwa_client_secret": "CLIENT_SECRET"}
keys = {name: os.environ[variable] for name, variable in {**names, "refresh_token": "REFRESH_TOKEN"}.items()}
tokens = type("Tokens", (AccessTokenClient,), {"scheme": "http://", "host": url.removeprefix("http://")})
market = SimpleNamespace(endpoint=url, marketplace_id="ATVPDKIKX0DER", region="us-east-1")
client = Sellers(marketplace=market, credentials=keys, auth_token_client_class=tokens)
for each in client.get_marketplace_participation().payload:
    print(each["marketplace"]["id"], each["marketplace"]["name"])
