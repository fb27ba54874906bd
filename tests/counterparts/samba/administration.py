"""What the administrators of a directory do while people are signed in, and what a directory knows of its people.

Each act is a method, whose arguments the test names; see `forest.py` for how it asks.
"""

import json

import ldb
from samba.dcerpc import misc, security
from samba.ndr import ndr_unpack


class Administration:
    def __init__(self, seeder, logs):
        self.seeder, self.database, self.logs = seeder, seeder.database, logs

    def disable(self, login):
        self.database.disable_account(self._filter(login))

    def enable(self, login):
        self.database.enable_account(self._filter(login))

    def delete(self, login):
        self.database.delete(self._dn(login))

    def recreate(self, login):
        """Somebody else under the same names: another SID, another GUID, and the password of a fresh account."""
        keep = ["givenName", "sn", "userPrincipalName", "mail"]
        old = self.database.search(self._dn(login), scope=ldb.SCOPE_BASE, attrs=keep)[0]
        self.delete(login)
        dn = self.seeder.person(login, str(old["givenName"]), str(old["sn"]), mail=None)
        for name in keep[2:]:
            if name in old:
                self.seeder.set(dn, **{name: old[name]})

    def rename_upn(self, login, upn):
        self.seeder.set(self._dn(login), userPrincipalName=upn)

    def set_password(self, login, password):
        self.database.setpassword(self._filter(login), password)

    def expire_password(self, login):
        self.seeder.expire_password(self._dn(login))

    def must_change(self, login):
        self.seeder.set(self._dn(login), pwdLastSet=0)

    def unlock(self, login):
        self.seeder.set(self._dn(login), lockoutTime=0)

    def move_ou(self, login, unit):
        dn = self._dn(login)
        moved = ldb.Dn(self.database, f"OU={unit},{self.seeder.base}")
        moved.add_child("CN=x")
        moved.set_component(0, "CN", dn.get_component_value(0))
        self.database.rename(dn, moved)

    def add_to_group(self, login, group):
        self.database.add_remove_group_members(group, [login], add_members_operation=True)

    def remove_from_group(self, login, group):
        self.database.add_remove_group_members(group, [login], add_members_operation=False)

    def account(self, login):
        names = ["objectSid", "objectGUID", "userPrincipalName", "badPwdCount", "lockoutTime"]
        found = self.database.search(self._dn(login), scope=ldb.SCOPE_BASE, attrs=names)[0]
        return {
            "dn": str(found.dn),
            "security_id": str(ndr_unpack(security.dom_sid, found["objectSid"][0])),
            "object_guid": str(ndr_unpack(misc.GUID, found["objectGUID"][0])),
            "upn": str(found.get("userPrincipalName", "")),
            "bad_pwd_count": int(str(found.get("badPwdCount", 0))),
            "locked": int(str(found.get("lockoutTime", 0))) > 0,
        }

    def binds(self, login):
        """Every simple bind of this account since the forest began, in the words of the controllers' own logs."""
        logs = [log for log in self.logs if log.exists()]
        return [bind for log in logs for bind in binds_in(log) if bind.pop("account") == login]

    def _dn(self, login):
        return self.seeder.find(login)

    def _filter(self, login):
        return f"(sAMAccountName={ldb.binary_encode(login)})"


def binds_in(log):
    for line in log.read_text(errors="replace").splitlines():
        if '"type": "Authentication"' not in line:
            continue
        said = json.loads(line[line.index("{") :])["Authentication"]
        if said["authDescription"].startswith("simple bind"):
            # Without an account of that name the directory logs what was typed.
            account = said["mappedAccount"] or said["clientAccount"]
            yield {"account": account, "typed": said["clientAccount"], "status": said["status"]}
