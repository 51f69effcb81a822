import { SellingPartner } from "amazon-sp-api";
import { HttpsProxyAgent } from "https-proxy-agent";

const { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN, HTTPS_PROXY } = process.env;
const client = new SellingPartner({
  region: "na",
  refresh_token: REFRESH_TOKEN,
  credentials: { SELLING_PARTNER_APP_CLIENT_ID: CLIENT_ID, SELLING_PARTNER_APP_CLIENT_SECRET: CLIENT_SECRET },
  options: { https_proxy_agent: new HttpsProxyAgent(HTTPS_PROXY) },
});
const sold = await client.callAPI({ operation: "getMarketplaceParticipations", endpoint: "sellers" });
for (const { marketplace } of sold) console.log(marketplace.id, marketplace.name);
