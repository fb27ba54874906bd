"""A domain controller: the first of a forest, or one that joined it. It has a loopback address of its own, because Samba's ports
cannot be moved, and it serves LDAP, Kerberos and what a joining controller needs, but no files and no DNS."""

import ctypes
import ipaddress
import random
import signal
import socket
import subprocess
import time
from pathlib import Path

LOOPBACK = ipaddress.ip_network("127.64.0.0/10")
# Kerberos, endpoint mapper, LDAP, password change, LDAP with TLS, global catalogue without and with TLS.
TCP_PORTS = (88, 135, 389, 464, 636, 3268, 3269)
UDP_PORTS = (88, 389, 464)
PATIENCE = 60
ADMINISTRATOR = ("Administrator", "Passw0rd!Admin")
PR_SET_PDEATHSIG = 1


def free_address():
    """A loopback address on which nobody has any of the ports."""
    for _ in range(100):
        address = str(LOOPBACK[random.randrange(1, LOOPBACK.num_addresses - 1)])
        if all(can_bind(address, port, socket.SOCK_STREAM) for port in TCP_PORTS) and all(
            can_bind(address, port, socket.SOCK_DGRAM) for port in UDP_PORTS
        ):
            return address
    raise RuntimeError(
        f"no loopback address has the ports {TCP_PORTS} free: does a server hold one of them on every address?"
    )


def can_bind(address, port, kind):
    with socket.socket(socket.AF_INET, kind) as attempt:
        try:
            attempt.bind((address, port))
        except OSError:
            return False
    return True


class Controller:
    def __init__(self, folder, forest, name):
        self.folder = Path(folder) / name
        self.forest = forest
        self.name = name
        self.address = free_address()
        self.process = None
        (self.folder / "private").mkdir(parents=True)

    @property
    def host(self):
        return f"{self.name}.{self.forest.domain}"

    @property
    def configuration(self):
        return self.folder / "smb.conf"

    @property
    def database(self):
        return self.folder / "private" / "sam.ldb"

    @property
    def log(self):
        return self.folder / "samba.log"

    def provision(self):
        """A new forest, whose domain has a SID that nobody had before."""
        self._samba_tool(
            *("domain", "provision", f"--realm={self.forest.realm}", f"--domain={self.forest.net_bios}"),
            *("--server-role=dc", f"--host-name={self.name}", f"--host-ip={self.address}"),
            *(f"--adminpass={ADMINISTRATOR[1]}", "--function-level=2008_R2"),
        )
        self._configure()

    def join(self, first):
        """A further controller of the domain, with the copy of the directory that the first one sends it."""
        user, password = ADMINISTRATOR
        self._samba_tool(
            *("domain", "join", self.forest.domain, "DC", f"--server={first.address}"),
            *("-U", f"{self.forest.net_bios}\\{user}", f"--password={password}", "--use-kerberos=off"),
            f"--option=netbios name={self.name.upper()}",
        )
        self._configure()

    def _samba_tool(self, *arguments):
        options = [f"--option={key} = {value}" for key, value in self._network().items()]
        command = ["samba-tool", *arguments, f"--targetdir={self.folder}", "--dns-backend=NONE", *options]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, preexec_fn=end_with_parent
        )
        if done.returncode:
            raise RuntimeError(f"samba-tool {arguments[0]} {arguments[1]}: {done.stdout[-2000:]}")

    def _network(self):
        return {
            # Without the length of the network Samba does not find the interface.
            "interfaces": f"{self.address}/8",
            "bind interfaces only": "yes",
            # The file system of a test need not have extended attributes.
            "posix:eadb": self.folder / "private" / "eadb.tdb",
            "vfs objects": "dfs_samba4 acl_xattr xattr_tdb",
            # What a test wrote need not outlive a power failure.
            "ldb:nosync": "true",
            "usershare max shares": "0",
        }

    def _configure(self):
        folder = self.folder
        self.forest.authority.issue(folder / "tls", [self.host, self.forest.domain], self.address)
        settings = {
            "netbios name": self.name.upper(),
            "realm": self.forest.realm,
            "workgroup": self.forest.net_bios,
            "server role": "active directory domain controller",
            "server services": "rpc, ldap, cldap, kdc",
            "dcerpc endpoint servers": "epmapper, samr, netlogon, lsarpc, drsuapi, dssetup",
            "lock directory": folder,
            "state directory": folder / "state",
            "cache directory": folder / "cache",
            "private dir": folder / "private",
            "pid directory": folder / "run",
            "ncalrpc dir": folder / "run" / "ncalrpc",
            "winbindd socket directory": folder / "run" / "winbindd",
            "ntp signd socket directory": folder / "run" / "ntp_signd",
            "tls keyfile": folder / "tls" / "key.pem",
            "tls certfile": folder / "tls" / "cert.pem",
            "tls cafile": folder / "tls" / "ca.pem",
            # A password over a connection without TLS is refused, as by a directory that is run with care.
            "ldap server require strong auth": "yes",
            # One line of JSON for each authentication: what the directory saw, not what the product says.
            "log level": "1 auth_json_audit:3",
            "max log size": "0",
        } | self._network()
        lines = "".join(f"\t{key} = {value}\n" for key, value in settings.items())
        self.configuration.write_text(f"[global]\n{lines}")
        for name in ("state", "cache", "run"):
            (folder / name).mkdir(exist_ok=True)

    def start(self):
        """Starts it, and returns when it answers on the ports for LDAP and Kerberos."""
        if self.process:
            return
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                # In one process: it takes signals as one, and little memory.
                ["samba", "-i", "--model=single", "--debug-stdout", "-s", self.configuration],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=end_with_parent,
            )
        deadline = time.monotonic() + PATIENCE
        while not all(self._answers(port) for port in (389, 636, 88, 464, 3269)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.host} does not start: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def _answers(self, port):
        try:
            socket.create_connection((self.address, port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self):
        """As a power failure would: it says good-bye to nobody."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def pause(self):
        """It still accepts connections, for the kernel does that, and answers nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def resume(self):
        self.process.send_signal(signal.SIGCONT)


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
