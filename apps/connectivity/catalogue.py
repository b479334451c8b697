"""Mobile networks by country, and the SIM providers whose cards roam on them."""

from apps.core.catalogue import Table, links

# Country -> mobile country code; mobile network code -> operator. All network codes of these
# countries have two digits.
COUNTRIES: dict[tuple[str, int], dict[int, str]] = {
    ("Angola", 631): {2: "Unitel", 4: "Movicel"},
    ("Benin", 616): {2: "Moov", 3: "MTN"},
    ("Botswana", 652): {1: "Mascom", 2: "Orange", 4: "beMobile"},
    ("Burkina Faso", 613): {1: "Moov", 2: "Orange", 3: "Telecel"},
    ("Burundi", 642): {1: "Econet Leo", 3: "Onatel", 8: "Lumitel"},
    ("Cameroon", 624): {1: "MTN", 2: "Orange", 4: "Nexttel"},
    ("Central African Republic", 623): {1: "Moov", 2: "Telecel", 3: "Orange"},
    ("Chad", 622): {1: "Airtel", 3: "Moov"},
    ("China", 460): {0: "China Mobile", 1: "China Unicom"},
    ("Congo", 629): {1: "Airtel", 10: "MTN"},
    ("Côte d'Ivoire", 612): {2: "Moov", 3: "Orange", 5: "MTN"},
    ("DR Congo", 630): {1: "Vodacom", 2: "Airtel", 86: "Orange", 89: "Orange", 90: "Africell"},
    ("Ethiopia", 636): {1: "Ethio Telecom", 2: "Safaricom"},
    ("Gabon", 628): {1: "Moov", 3: "Airtel"},
    ("Ghana", 620): {1: "MTN", 2: "Vodafone", 3: "AirtelTigo", 6: "AirtelTigo", 7: "Glo"},
    ("Guinea", 611): {1: "Orange", 4: "MTN", 5: "Cellcom"},
    ("Kenya", 639): {2: "Safaricom", 3: "Airtel", 7: "Telkom"},
    ("Lesotho", 651): {1: "Vodacom", 2: "Econet"},
    ("Liberia", 618): {1: "Lonestar MTN", 7: "Orange"},
    ("Madagascar", 646): {1: "Airtel", 2: "Orange", 4: "Telma"},
    ("Malawi", 650): {1: "TNM", 10: "Airtel"},
    ("Mali", 610): {1: "Moov", 2: "Orange", 3: "Telecel"},
    ("Mozambique", 643): {1: "Tmcel", 3: "Movitel", 4: "Vodacom"},
    ("Namibia", 649): {1: "MTC", 3: "TN Mobile"},
    ("Netherlands", 204): {4: "Vodafone", 8: "KPN"},
    ("Niger", 614): {2: "Airtel", 3: "Moov", 4: "Zamani"},
    ("Nigeria", 621): {20: "Airtel", 27: "Smile", 30: "MTN", 50: "Glo", 60: "9mobile"},
    ("Pakistan", 410): {1: "Jazz", 3: "Ufone", 4: "Zong", 6: "Telenor", 7: "Jazz"},
    ("Rwanda", 635): {10: "MTN", 13: "Airtel", 14: "Airtel"},
    ("Senegal", 608): {1: "Orange", 2: "Free", 3: "Expresso"},
    ("Sierra Leone", 619): {1: "Orange", 3: "Africell"},
    ("South Africa", 655): {1: "Vodacom", 2: "Telkom", 7: "Cell C", 10: "MTN"},
    ("South Sudan", 659): {2: "MTN", 6: "Zain"},
    ("Tanzania", 640): {2: "Tigo", 3: "Zantel", 4: "Vodacom", 5: "Airtel", 7: "TTCL", 9: "Halotel"},
    ("Togo", 615): {1: "Togocom", 3: "Moov"},
    ("Uganda", 641): {1: "Airtel", 10: "MTN", 11: "Uganda Telecom", 14: "Africell", 22: "Airtel"},
    ("United Kingdom", 234): {10: "O2", 15: "Vodafone", 30: "EE", 50: "JT"},
    ("Zambia", 645): {1: "Airtel", 2: "MTN", 3: "Zamtel"},
    ("Zimbabwe", 648): {1: "NetOne", 3: "Telecel", 4: "Econet"},
}

NETWORKS = Table(
    model="connectivity.Network",
    columns=("pk", "name", "mcc", "mnc"),
    rows=[
        (mcc * 100 + mnc, f"{country} {operator}", mcc, mnc)
        for (country, mcc), operators in COUNTRIES.items()
        for mnc, operator in operators.items()
    ],
)

SIM_PROVIDERS = Table(
    model="connectivity.SimProvider",
    columns=("pk", "name"),
    rows=[(1, "Vodafone"), (2, "Wireless Logic"), (3, "Aeris"), (4, "Eseye")],
)

# Operators whose networks a provider's cards may use; None is all of them.
_OPERATORS: dict[str, set[str] | None] = {
    "Vodafone": {"Vodafone", "Vodacom", "Safaricom", "MTN", "Airtel", "Togocom", "Jazz", "Econet"},
    "Wireless Logic": None,
    "Aeris": None,
    "Eseye": {"Airtel", "MTN", "Orange", "Vodacom", "Safaricom", "Moov", "Telenor", "KPN", "EE"},
}

TABLES = (
    NETWORKS,
    SIM_PROVIDERS,
    links(
        "connectivity.SimProviderNetworkLinker",
        "sim_provider",
        "network",
        {
            provider: [
                mcc * 100 + mnc
                for (_country, mcc), operators in COUNTRIES.items()
                for mnc, operator in operators.items()
                if allowed is None or operator in allowed
            ]
            for provider, allowed in _OPERATORS.items()
        },
    ),
    links(
        "connectivity.SimPartTypeSimProviderLinker",
        "sim_part_type",
        "sim_provider",
        {
            "Vodafone SIM": ["Vodafone"],
            "Wireless Logic SIM": ["Wireless Logic"],
            "Aeris SIM": ["Aeris"],
            "Eseye SIM": ["Eseye"],
        },
    ),
)
