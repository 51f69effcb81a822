"""Two hundred and more addresses in the shapes that people type, sorted by hand into Table A's rows.

One a line: street | city | state | ZIP | country | place | known. Streets with several lines are separated by `/`. Numbers,
names and box numbers are invented; cities, states and ZIP codes belong together as the postal service has them.
"""

STREET, BOX = "contiguous_street", "contiguous_po_box"

_CITIES = """
Birmingham|AL|35203 Phoenix|AZ|85004 Tucson|AZ|85701 Little Rock|AR|72201 Los Angeles|CA|90012 San Diego|CA|92101
Fresno|CA|93721 Sacramento|CA|95814 Denver|CO|80202 Hartford|CT|06103 Wilmington|DE|19801 Washington|DC|20001
Washington|DC|20500 Miami|FL|33130 Jacksonville|FL|32202 Key West|FL|33040 Atlanta|GA|30303 Savannah|GA|31401
Boise|ID|83702 Chicago|IL|60601 Springfield|IL|62701 Indianapolis|IN|46204 Des Moines|IA|50309 Wichita|KS|67202
Louisville|KY|40202 New Orleans|LA|70112 Portland|ME|04101 Baltimore|MD|21202 Boston|MA|02108 Worcester|MA|01608
Detroit|MI|48226 Minneapolis|MN|55401 Jackson|MS|39201 Kansas City|MO|64106 St. Louis|MO|63101 Billings|MT|59101
Omaha|NE|68102 Las Vegas|NV|89101 Reno|NV|89501 Manchester|NH|03101 Newark|NJ|07102 Trenton|NJ|08608
Albuquerque|NM|87102 New York|NY|10001 Brooklyn|NY|11201 Buffalo|NY|14202 Holtsville|NY|00501 Charlotte|NC|28202
Fargo|ND|58102 Columbus|OH|43215 Cleveland|OH|44113 Tulsa|OK|74103 Portland|OR|97205 Philadelphia|PA|19103
Pittsburgh|PA|15222 Providence|RI|02903 Charleston|SC|29401 Sioux Falls|SD|57104 Nashville|TN|37203 Memphis|TN|38103
Houston|TX|77002 Austin|TX|78701 El Paso|TX|79901 El Paso|TX|88510 Austin|TX|73301 Salt Lake City|UT|84101
Burlington|VT|05401 Richmond|VA|23219 Arlington|VA|20101 Seattle|WA|98101 Spokane|WA|99201 Charleston|WV|25301
Milwaukee|WI|53202 Madison|WI|53703 Cheyenne|WY|82001
"""

_STREETS = (
    "12 Elm Street", "1600 Pennsylvania Ave NW", "221B Baker St", "350 5th Ave/Fl 34", "77 Box Elder Lane",
    "100 Post Office Road", "9 Boxwood Ct/Apt 4", "4 Pobox Creek Rd", "RR 2 Box 152", "HC 68 Box 23A",
    "1 Caller Street", "500 S Main St Unit 1200", "6 Apollo Dr", "18 Depot Sq", "3 Fort Point Rd",
)  # fmt: skip

_BOXES = (
    "PO Box 12", "P.O. Box 1234", "P O BOX 77", "POB 9", "Post Office Box 400", "po box # 55", "Postal Box 8", "P.O.B. 31",
    "POBox 600", "Caller Service 40", "Box 118", "Lockbox 900100", "P.O. Box A12", "c/o Mara Lind/PO Box 9011",
)  # fmt: skip

_OTHER = """
12 4th Avenue|Anchorage|AK|99501|US|alaska_hawaii_street|1
PO Box 70|Fairbanks|AK|99707|US|alaska_hawaii_po_box|1
General Delivery|Nome|AK|99762|US|alaska_hawaii_street|1
Mile 7 Steese Hwy|Fox|AK|99712|US|alaska_hawaii_street|1
POB 3|Ketchikan|AK|99901|US|alaska_hawaii_po_box|1
1001 Bishop St/Ste 800|Honolulu|HI|96813|US|alaska_hawaii_street|1
P.O. Box 1500|Hilo|HI|96720|US|alaska_hawaii_po_box|1
75-5660 Palani Rd|Kailua-Kona|HI|96740|US|alaska_hawaii_street|1
Post Office Box 12|Lihue|HI|96766|US|alaska_hawaii_po_box|1
88 Wainee St|Lahaina|HI|96761|US|alaska_hawaii_street|1
Calle Fortaleza 100|San Juan|PR|00901|US|unincorporated_street|1
Urb Las Gladiolas/150 Calle A|San Juan|PR|00926|US|unincorporated_street|1
Apartado 2345|Ponce|PR|00732|US|unincorporated_po_box|1
Apartado Postal 9|Mayaguez|PR|00681|US|unincorporated_po_box|1
PO Box 366|Caguas|PR|00726|US|unincorporated_po_box|1
HC 3 Box 8800|Lares|PR|00669|US|unincorporated_street|1
Calle Sol 4|San Juan||00901|PR|unincorporated_street|1
5046 Norre Gade|St Thomas|VI|00802|US|unincorporated_street|1
PO Box 7|Christiansted|VI|00821|US|unincorporated_po_box|1
12 King Street|Frederiksted||00840|VI|unincorporated_street|1
198 Marine Corps Dr|Hagatna|GU|96910|US|unincorporated_street|1
PO Box 2950|Hagatna|GU|96932|US|unincorporated_po_box|1
1 Fagatogo Sq|Pago Pago|AS|96799|US|unincorporated_street|1
PO Box 100|Pago Pago|AS|96799|US|unincorporated_po_box|1
5 Beach Road|Saipan|MP|96950|US|unincorporated_street|1
PO Box 501|Saipan|MP|96950|US|unincorporated_po_box|1
PSC 3 Box 1234|APO|AE|09012|US|military|1
PSC 808 Box 20|FPO|AE|09618|US|military|1
CMR 402 Box 200|APO|AE|09180|US|military|1
Unit 2050 Box 4190|APO|AP|96278|US|military|1
Unit 100100 Box 5|FPO|AP|96349|US|military|1
Unit 8400 Box 0000|DPO|AE|09498|US|military|1
Unit 3200|DPO|AA|34034|US|military|1
USS Example/Unit 100|FPO|AP|96671|US|military|1
PO Box 5|APO|AA|34002|US|military|1
Unit 45013 Box 3|apo|AP|96338|US|military|1
1 Front St W|Toronto|ON|M5V 2T6|CA|international|1
10 Downing Street|London||SW1A 2AA|GB|international|1
Unter den Linden 1|Berlin||10117|DE|international|1
1 Main Street|Majuro|MH|96960|US|international|1
2 Beach Road|Koror|PW|96940|US|international|1
3 Hill Road|Pohnpei|FM|96941|US|international|1
Av. Reforma 1|Mexico City|CDMX|06600|MX|international|1
12 Elm Street|Columbus|OH||US|contiguous_street|0
12 Elm Street|Columbus|OH|99999|US|contiguous_street|0
12 Elm Street|Columbus|OH|00000|US|contiguous_street|0
12 Elm Street|Columbus|OH|4321|US|contiguous_street|0
12 Elm Street|Columbus|OH|432155|US|contiguous_street|0
12 Elm Street|Columbus|OH|ABCDE|US|contiguous_street|0
12 Elm Street|Columbus|OH|90012|US|contiguous_street|0
12 Elm Street|Columbus|OH|99501|US|contiguous_street|0
PO Box 4|Columbus|OH|99999|US|contiguous_po_box|0
12 Elm Street|Columbus|OH|43215-1234|US|contiguous_street|1
12 Elm Street|Columbus|OH|432151234|US|contiguous_street|1
12 Elm Street|Columbus|OH| 43215 |US|contiguous_street|1
12 Elm Street|Columbus|oh|43215|us|contiguous_street|1
12 Elm Street|Columbus||43215|US|contiguous_street|1
12 4th Avenue|Anchorage||99501|US|alaska_hawaii_street|1
12 Elm Street|Anchorage|AK|43215|US|alaska_hawaii_street|0
Calle Sol 4|San Juan|PR|43215|US|unincorporated_street|0
12 Elm Street|Nowhere|ZZ|43215|US|contiguous_street|0
12 Elm Street|Nowhere|||US|contiguous_street|0
||||US|contiguous_street|0
"""


def rows() -> list[tuple[str, str, str, str, str, str, bool]]:
    """Every address with the place that it is, and whether its ZIP fits its state."""
    made = []
    cities = [c.split("|") for line in _CITIES.strip().splitlines() for c in _split(line)]
    for n, (city, state, code) in enumerate(cities):
        made.append((_STREETS[n % len(_STREETS)], city, state, code, "US", STREET, True))
        made.append((_BOXES[n % len(_BOXES)], city, state, code, "US", BOX, True))
    for line in _OTHER.strip("\n").splitlines():
        street, city, state, code, country, place, known = line.split("|")
        made.append((street, city, state, code, country, place, known == "1"))
    return made


def _split(line: str) -> list[str]:
    """`St. Louis|MO|63101 Billings|MT|59101` as two: a new city begins after five digits."""
    found, rest = [], line.strip()
    while rest:
        city, state, tail = rest.split("|", 2)
        found.append(f"{city}|{state}|{tail[:5]}")
        rest = tail[5:].strip()
    return found
