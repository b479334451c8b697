"""Where the made-up companies work: real countries and towns, and names that people bear there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Town:
    """A town with its position in degrees."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Company:
    """A made-up company: `share` is its part of the fleet, `mcc` its country's mobile code."""

    name: str
    country: str
    mcc: int
    geic: str
    share: int
    tariff: str
    in_group: bool
    towns: tuple[Town, ...]
    first_names: tuple[str, ...]
    surnames: tuple[str, ...]


_SWAHILI = (
    "Achieng", "Amina", "Baraka", "Daniel", "Esther", "Fatuma", "Grace", "James", "John", "Joyce",
    "Juma", "Mary", "Mercy", "Moses", "Neema", "Peter", "Rehema", "Samuel", "Sarah", "Zawadi",
)  # fmt: skip
_FRENCH = (
    "Alice", "Antoine", "Béatrice", "Chantal", "Claude", "Emmanuel", "Espérance", "Fidèle",
    "François", "Innocent", "Jean", "Jeanne", "Josué", "Marie", "Olive", "Pascal", "Patience",
    "Providence", "Samuel", "Solange",
)  # fmt: skip

COMPANIES = (
    Company(
        name="BBOXX Capital Kenya",
        country="Kenya",
        mcc=639,
        geic="KE01",
        share=30,
        tariff="KES 50 a day",
        in_group=True,
        towns=(
            Town("Kisumu", -0.0917, 34.7680),
            Town("Nakuru", -0.3031, 36.0800),
            Town("Eldoret", 0.5143, 35.2698),
            Town("Kakamega", 0.2827, 34.7519),
            Town("Machakos", -1.5177, 37.2634),
            Town("Kitale", 1.0157, 35.0062),
            Town("Kericho", -0.3677, 35.2831),
            Town("Meru", 0.0463, 37.6559),
            Town("Homa Bay", -0.5273, 34.4571),
            Town("Bungoma", 0.5635, 34.5606),
        ),
        first_names=_SWAHILI,
        surnames=(
            "Barasa", "Chebet", "Cheruiyot", "Kamau", "Kariuki", "Kiplagat", "Koech", "Maina",
            "Mutua", "Mwangi", "Njeri", "Ochieng", "Odhiambo", "Omondi", "Otieno", "Wafula",
            "Wanjiru", "Were",
        ),
    ),
    Company(
        name="BBOXX Capital Rwanda",
        country="Rwanda",
        mcc=635,
        geic="RW01",
        share=22,
        tariff="RWF 270 a day",
        in_group=True,
        towns=(
            Town("Musanze", -1.4998, 29.6350),
            Town("Huye", -2.5967, 29.7394),
            Town("Rubavu", -1.6792, 29.2589),
            Town("Nyagatare", -1.2978, 30.3256),
            Town("Rwamagana", -1.9487, 30.4347),
            Town("Muhanga", -2.0845, 29.7567),
            Town("Karongi", -2.0606, 29.3483),
            Town("Kirehe", -2.2667, 30.6667),
        ),
        first_names=_FRENCH,
        surnames=(
            "Bizimana", "Gasana", "Habimana", "Hakizimana", "Ingabire", "Kayitesi", "Mugisha",
            "Mukamana", "Ndayisaba", "Niyonzima", "Nsengiyumva", "Nzabonimpa", "Rutayisire",
            "Twagirayezu", "Umutoni", "Uwimana",
        ),
    ),
    Company(
        name="BBOXX Capital DR Congo",
        country="DR Congo",
        mcc=630,
        geic="CD01",
        share=14,
        tariff="USD 0.60 a day",
        in_group=True,
        towns=(
            Town("Goma", -1.6585, 29.2205),
            Town("Bukavu", -2.4908, 28.8428),
            Town("Butembo", 0.1417, 29.2917),
            Town("Kinshasa", -4.4419, 15.2663),
            Town("Lubumbashi", -11.6647, 27.4794),
            Town("Kisangani", 0.5153, 25.1910),
        ),
        first_names=_FRENCH,
        surnames=(
            "Amani", "Bahati", "Byamungu", "Ilunga", "Kabeya", "Kabongo", "Kambale", "Kasereka",
            "Kavira", "Lukusa", "Mbuyi", "Mulumba", "Mwamba", "Ngoy", "Tshibanda",
        ),
    ),
    Company(
        name="BBOXX Togo",
        country="Togo",
        mcc=615,
        geic="TG01",
        share=10,
        tariff="XOF 160 a day",
        in_group=True,
        towns=(
            Town("Lomé", 6.1725, 1.2314),
            Town("Sokodé", 8.9833, 1.1333),
            Town("Kara", 9.5511, 1.1861),
            Town("Atakpamé", 7.5333, 1.1333),
            Town("Kpalimé", 6.9000, 0.6333),
            Town("Dapaong", 10.8623, 0.2076),
        ),
        first_names=("Abla", "Afi", "Ama", "Edem", "Efua", "Kodjo", "Kofi", "Komla", *_FRENCH[:8]),
        surnames=(
            "Adjei", "Agbeko", "Akakpo", "Amegan", "Amouzou", "Atsou", "Bawa", "Dogbe", "Gbedemah",
            "Kpodo", "Lawson", "Mensah", "Tchalla",
        ),
    ),
    Company(
        name="Jua Kali Energy",
        country="Tanzania",
        mcc=640,
        geic="TZ01",
        share=8,
        tariff="TZS 800 a day",
        in_group=False,
        towns=(
            Town("Mwanza", -2.5164, 32.9175),
            Town("Arusha", -3.3869, 36.6830),
            Town("Dodoma", -6.1630, 35.7516),
            Town("Mbeya", -8.9094, 33.4608),
            Town("Tabora", -5.0167, 32.8000),
            Town("Kigoma", -4.8769, 29.6267),
        ),
        first_names=_SWAHILI,
        surnames=(
            "Chacha", "Hassan", "Kimaro", "Kessy", "Komba", "Lyimo", "Massawe", "Mbwambo",
            "Mollel", "Msuya", "Mushi", "Mwakyusa", "Ngowi", "Shayo", "Swai",
        ),
    ),
    Company(
        name="Pearl Solar Uganda",
        country="Uganda",
        mcc=641,
        geic="UG01",
        share=7,
        tariff="UGX 1,400 a day",
        in_group=False,
        towns=(
            Town("Mbale", 1.0806, 34.1750),
            Town("Gulu", 2.7746, 32.2990),
            Town("Mbarara", -0.6072, 30.6545),
            Town("Lira", 2.2499, 32.8999),
            Town("Soroti", 1.7146, 33.6111),
            Town("Fort Portal", 0.6711, 30.2750),
        ),
        first_names=_SWAHILI,
        surnames=(
            "Akello", "Atim", "Byaruhanga", "Kato", "Kyomuhendo", "Mugerwa", "Mukasa", "Nakato",
            "Namuli", "Nsubuga", "Ocen", "Okello", "Opio", "Ssali", "Tumusiime",
        ),
    ),
    Company(
        name="Haske Power Nigeria",
        country="Nigeria",
        mcc=621,
        geic="NG01",
        share=6,
        tariff="NGN 230 a day",
        in_group=False,
        towns=(
            Town("Kano", 12.0022, 8.5920),
            Town("Jos", 9.8965, 8.8583),
            Town("Ilorin", 8.4799, 4.5418),
            Town("Abeokuta", 7.1475, 3.3619),
            Town("Enugu", 6.4402, 7.4943),
        ),
        first_names=(
            "Abubakar", "Adaeze", "Aisha", "Blessing", "Chidi", "Chinwe", "Emeka", "Fatima",
            "Hauwa", "Ibrahim", "Kelechi", "Musa", "Ngozi", "Tunde", "Yusuf",
        ),
        surnames=(
            "Abdullahi", "Adebayo", "Adeyemi", "Bello", "Danladi", "Eze", "Garba", "Lawal",
            "Nwosu", "Obi", "Okafor", "Okonkwo", "Sani", "Usman",
        ),
    ),
    Company(
        name="Roshni Solar Pakistan",
        country="Pakistan",
        mcc=410,
        geic="PK01",
        share=3,
        tariff="PKR 90 a day",
        in_group=False,
        towns=(
            Town("Multan", 30.1575, 71.5249),
            Town("Sukkur", 27.7052, 68.8574),
            Town("Quetta", 30.1798, 66.9750),
            Town("Bahawalpur", 29.3956, 71.6836),
        ),
        first_names=(
            "Ahmed", "Ali", "Ayesha", "Bilal", "Fatima", "Hamza", "Imran", "Khadija", "Nadia",
            "Saima", "Sana", "Usman", "Zainab",
        ),
        surnames=(
            "Abbasi", "Baloch", "Bhatti", "Butt", "Chaudhry", "Hussain", "Iqbal", "Khan", "Malik",
            "Memon", "Qureshi", "Shah", "Soomro",
        ),
    ),
)  # fmt: skip
