"""An Active Directory forest of one domain, fresh and in a folder of its own: usage `forest.py SETTINGS`, which is JSON.

It prints a line of JSON when the forest stands. Then each line of standard input asks for something, `{"act": .., ..}`, and
the answer is a line: `{"done": ..}` or `{"fault": ..}`. With the end of standard input the forest is gone.
"""

import json
import shutil
import signal
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ldb
from administration import Administration
from certificates import Authority
from controller import ADMINISTRATOR, Controller
from people import Seeder
from samba.auth import system_session
from samba.credentials import DONT_USE_KERBEROS, Credentials
from samba.dcerpc import misc
from samba.drs_utils import drs_Replicate
from samba.param import LoadParm
from samba.samdb import SamDB

CONTROL = {"start", "kill", "pause", "resume"}
QUESTIONS = {"account", "binds"}


class Forest:
    def __init__(self, folder, realm, net_bios, controllers, crowded):
        self.realm, self.net_bios, self.domain = realm, net_bios, realm.lower()
        self.authority = Authority(folder / "ca", f"{net_bios} Root CA")
        self.controllers = [Controller(folder, self, name) for name in controllers]
        self.paused, self.databases, self.joining = set(), {}, {}
        self.pool = ThreadPoolExecutor()
        first, *others = self.controllers
        try:
            first.provision()
            # The library keeps one configuration for a process; a database is opened by its path.
            self.configuration = LoadParm(filename_for_non_global_lp=str(first.configuration))
            self._open(first)
            self._seed(crowded)
            first.start()
        except BaseException:
            self.end()
            raise
        # Most tests are content with the first controller, and need not wait for the others.
        self.joining = {other: self.pool.submit(other.join, first) for other in others}

    def _seed(self, crowded):
        seeder = self._seeder(self.controllers[0])
        seeder.policy()
        seeder.people()
        seeder.groups()
        if crowded:
            seeder.crowd()

    def _welcome(self, everybody):
        """Starts who has joined; everybody, if that is wanted, however long it takes them."""
        for other in [one for one, joined in self.joining.items() if everybody or joined.done()]:
            self.joining.pop(other).result()
            self._open(other)
            other.start()
            self.replicate()

    def _open(self, controller):
        self.databases[controller] = SamDB(
            url=str(controller.database), session_info=system_session(), lp=self.configuration
        )

    def _seeder(self, controller):
        return Seeder(self.databases[controller], self.domain)

    def described(self):
        return {
            "ca_pem": self.authority.pem,
            "domain_sid": self.databases[self.controllers[0]].get_domain_sid(),
            "controllers": [{"host": one.host, "address": one.address} for one in self.controllers],
        }

    def act(self, act, controller=None, **arguments):
        self._welcome(everybody=act in CONTROL or bool(controller))
        if act in CONTROL:
            return self._control(act, self.controllers[controller])
        if act == "replicate":
            return self.replicate()
        if act == "issue":
            return self._issue(**arguments)
        chosen = self._running()[0] if controller is None else self.controllers[controller]
        administration = Administration(self._seeder(chosen), [one.log for one in self.controllers])
        method = None if act.startswith("_") else getattr(administration, act, None)
        if method is None:
            raise LookupError(f"no administrator does {act}")
        done = method(**arguments)
        if act not in QUESTIONS:
            self._spread(chosen)
        return done

    def _control(self, act, controller):
        ran = controller.process
        getattr(controller, act)()
        if act == "pause":
            self.paused.add(controller)
        elif act != "start" or not ran:
            self.paused.discard(controller)
        if act in ("start", "resume"):
            self.replicate()

    def _issue(self, names, address):
        """A key and a certificate for a server beside the forest, such as one that only pretends to be a controller."""
        with tempfile.TemporaryDirectory() as folder:
            self.authority.issue(folder, names, address)
            read = lambda name: Path(folder, name).read_text()
            return {"key_pem": read("key.pem"), "certificate_pem": read("cert.pem")}

    def _running(self):
        return [one for one in self.controllers if one.process and one not in self.paused]

    def replicate(self):
        """Each running controller takes from each other one what it has not: at once, where Windows takes up to 15 seconds."""
        for source in self._running():
            self._spread(source)

    def _spread(self, source):
        for target in self._running():
            if target is not source:
                self._pull(source, target)

    def _pull(self, source, target):
        user, password = ADMINISTRATOR
        credentials = Credentials()
        credentials.guess(self.configuration)
        credentials.set_domain(self.net_bios)
        credentials.set_username(user)
        credentials.set_password(password)
        credentials.set_kerberos_state(DONT_USE_KERBEROS)
        to, of = self.databases[target], self.databases[source]
        binding = f"ncacn_ip_tcp:{source.address}[seal]"
        invocation = misc.GUID(of.get_invocation_id())
        drs = drs_Replicate(binding, self.configuration, credentials, to, misc.GUID(to.get_invocation_id()))
        drs.replicate(to.domain_dn(), invocation, misc.GUID(to.get_ntds_GUID()), full_sync=False)

    def end(self):
        for controller in self.controllers:
            controller.kill()
        self.pool.shutdown(cancel_futures=True)


def answer(forest, line):
    try:
        return {"done": forest.act(**json.loads(line))}
    except Exception as fault:
        traceback.print_exc()
        return {"fault": f"{type(fault).__name__}: {fault}"}


def main():
    # Standard output is for answers; whatever the libraries have to say goes to standard error.
    settings = json.loads(sys.argv[1])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="forest-"))
    try:
        forest = Forest(folder, **settings)
        try:
            print(json.dumps({"done": forest.described()}), flush=True)
            for line in sys.stdin:
                print(json.dumps(answer(forest, line)), flush=True)
        finally:
            forest.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
