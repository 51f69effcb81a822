import { SellingPartnerApiAuth } from "@sp-api-sdk/auth";
import { ListingsItemsApiClient } from "@sp-api-sdk/listings-items-api-2021-08-01";

const { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, REFRESH_TOKEN: refreshToken, SELLER_ID: sellerId } = process.env;
const auth = new SellingPartnerApiAuth({ clientId, clientSecret, refreshToken });
const client = new ListingsItemsApiClient({ auth, region: "na" });
const found = await client.searchListingsItems({ sellerId, marketplaceIds: ["ATVPDKIKX0DER"] });
console.log("ATVPDKIKX0DER", found.data.numberOfResults, "listings");
