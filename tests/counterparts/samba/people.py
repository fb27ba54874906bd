"""Who is in a fresh forest: somebody in each state in which an account can be, and groups in every shape.

Everybody's password is their name with a capital, then `-Pw-1`.
"""

import ldb
from samba.dsdb import UF_ACCOUNTDISABLE, UF_DONT_EXPIRE_PASSWD, UF_NORMAL_ACCOUNT

DAY = 24 * 3600 * 10_000_000
MINUTE = 60 * 10_000_000
# 2019-04-17, in the directory's count of 100 ns since 1601.
LONG_AGO = 132_000_000_000_000_000
# Lets a write past the module that keeps passwords, which is the only way to give one an age.
BYPASS_PASSWORD_HASH = "local_oid:1.3.6.1.4.1.7165.4.3.12:0"
GLOBAL_SECURITY, GLOBAL_DISTRIBUTION = "-2147483646", "2"
# Larger transactions are slower than several small ones, and keep a controller's own writes waiting.
BATCH = 250

# One for each test that changes somebody.
KIMS = 60
CHAIN, CHAINS, IN_MANY, LARGE = 50, 19, 1500, 2000


class Seeder:
    def __init__(self, database, domain):
        self.database, self.domain = database, domain
        self.base = database.domain_dn()

    def policy(self):
        """Five wrong passwords lock an account; passwords are simple, short and 42 days young."""
        self.set(
            self.base,
            pwdProperties=0,
            pwdHistoryLength=0,
            minPwdAge=0,
            maxPwdAge=-42 * DAY,
            minPwdLength=7,
            lockoutThreshold=5,
            lockoutDuration=-30 * MINUTE,
            lockOutObservationWindow=-30 * MINUTE,
        )
        # Both forests claim `group.example`, as two that merged companies left behind do.
        suffixes = [f"mail.{self.domain}", "group.example"]
        partitions = f"CN=Partitions,CN=Configuration,{self.base}"
        self.modify(partitions, "uPNSuffixes", suffixes)
        for unit in ("Staff", "Leavers", "Groups"):
            self.database.add({"dn": f"OU={unit},{self.base}", "objectClass": "organizationalUnit"})

    def people(self):
        person = self.person
        self.set(person("alice", "Alice", "Andersen"), userPrincipalName=f"alice.andersen@mail.{self.domain}")
        person("bob", "Bob", "Berg")
        self.set(person("carol", "Carol", "Ceder"), userAccountControl=UF_NORMAL_ACCOUNT | UF_ACCOUNTDISABLE)
        self.set(person("dave", "Dave", "Dahl"), pwdLastSet=0)
        self.set(person("erin", "Erin", "Ek"), accountExpires=LONG_AGO)
        person("frank", "Frank", "Falk")
        self.expire_password(person("grace", "Grace", "Gran"))
        # A name that has to be escaped in a distinguished name and in a filter.
        person("heidi", "Hëidi (x)", "Ó, Dónal*")
        self.modify(person("ivan", "Ivan", "Ivarsson"), "logonHours", [bytes(21)])
        self.set(person("judy", "Judy", "Juhl"), userWorkstations="NOSUCHPC")
        person("nomail", "Nomail", "Nord", mail=None)
        # In both forests, by each of the names that one can sign in with.
        self.set(person("sam", "Sam", "Sand"), userPrincipalName="sam@group.example")
        numbers = range(1, KIMS + 1)
        self.batched([lambda kim=f"kim{n}": person(kim, kim.capitalize(), "Kvist") for n in numbers])
        service = person("svc-vestibule", "Svc", "Vestibule", password="Svc-Pw-1", mail=None)
        self.set(service, userAccountControl=UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD)

    def groups(self):
        for name in ("Everyone-Staff", "Engineering", "Rust-Team", "VPN-Users", "開発部", "東京オフィス・社員"):
            self.group(name)
        for name, members in {
            "Rust-Team": ["alice"],
            "Engineering": ["Rust-Team"],
            "Everyone-Staff": ["Engineering", "bob"],
            "VPN-Users": ["alice", "bob", "carol", "dave", "frank"],
            "開発部": ["heidi"],
            "東京オフィス・社員": ["開発部"],
        }.items():
            self.database.add_remove_group_members(name, members, add_members_operation=True)

    def crowd(self):
        """nina is in 1,000 groups, most of them nested 50 deep and two of them in a circle; monica is in 1,500, without
        nesting; the group Large-List has 2,000 members."""
        nina, monica = self.person("nina", "Nina", "Nested"), self.person("monica", "Monica", "Many")
        nested = []
        for chain in range(CHAINS):
            below = nina
            for depth in range(CHAIN):
                nested.append((f"Chain-{chain:02}-{depth:02}", below))
                below = self.group_dn(nested[-1][0])
        nested += [(f"Beside-{number:02}", nina) for number in range(1000 - CHAINS * CHAIN - 2)]
        nested += [("Circle-A", nina), ("Circle-B", self.group_dn("Circle-A"))]
        many = [(f"Many-{number:04}", monica) for number in range(IN_MANY)]
        self.batched(
            [lambda name=name, member=member: self.group(name, members=[member]) for name, member in nested + many]
        )
        self.join_group("Circle-A", [self.group_dn("Circle-B")])
        # A list for mail, which gives nobody a right and so appears in nobody's tokenGroups.
        members = [self.group_dn(name) for name, _ in (many + nested)[:LARGE]]
        self.group("Large-List", GLOBAL_DISTRIBUTION, members)

    def person(self, login, given_name, surname, password=None, mail=""):
        """Adds an account whose CN is the display name, as the console of Active Directory does it."""
        mail = f"{login}@{self.domain}" if mail == "" else mail
        password = password or f"{login.capitalize()}-Pw-1"
        self.database.newuser(
            login, password, userou="OU=Staff", givenname=given_name, surname=surname, mailaddress=mail
        )
        found = self.find(login)
        named = ldb.Dn(self.database, f"CN=x,OU=Staff,{self.base}")
        named.set_component(0, "CN", f"{given_name} {surname}")
        if str(found) != str(named):
            self.database.rename(found, named)
        return named

    def group_dn(self, name):
        return f"CN={name},OU=Groups,{self.base}"

    def group(self, name, kind=GLOBAL_SECURITY, members=()):
        message = {"dn": self.group_dn(name), "objectClass": "group", "sAMAccountName": name, "groupType": kind}
        if members:
            message["member"] = [str(member) for member in members]
        self.database.add(message)

    def join_group(self, name, members):
        self.modify(self.group_dn(name), "member", [str(member) for member in members], ldb.FLAG_MOD_ADD)

    def batched(self, acts):
        for start in range(0, len(acts), BATCH):
            self.database.transaction_start()
            for act in acts[start : start + BATCH]:
                act()
            self.database.transaction_commit()

    def expire_password(self, dn):
        self.modify(dn, "pwdLastSet", [str(LONG_AGO)], controls=[BYPASS_PASSWORD_HASH])

    def find(self, login):
        found = self.database.search(
            self.base, expression=f"(sAMAccountName={ldb.binary_encode(login)})", attrs=["cn"]
        )
        if len(found) != 1:
            raise LookupError(f"{len(found)} accounts are called {login}")
        return found[0].dn

    def set(self, dn, **values):
        for name, value in values.items():
            self.modify(dn, name, [str(value)])

    def modify(self, dn, name, values, how=ldb.FLAG_MOD_REPLACE, controls=None):
        message = ldb.Message(dn if isinstance(dn, ldb.Dn) else ldb.Dn(self.database, str(dn)))
        message[name] = ldb.MessageElement(values, how, name)
        self.database.modify(message, controls=controls or [])
