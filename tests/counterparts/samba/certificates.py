"""The certificate authority of a forest, and one certificate for each of its servers, made by openssl."""

import subprocess
from pathlib import Path

NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")


class Authority:
    """Keeps its key in a folder of its own; `pem` is what a client has to trust."""

    def __init__(self, folder, name):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True)
        self.key, self.certificate = self.folder / "ca.key", self.folder / "ca.pem"
        openssl(
            *("req", "-x509", *NEW_KEY, "-noenc", "-days", "2"),
            *("-subj", f"/CN={name}", "-keyout", self.key, "-out", self.certificate),
            *("-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        )

    @property
    def pem(self):
        return self.certificate.read_text()

    def issue(self, folder, names, address):
        """Leaves `key.pem`, `cert.pem` and `ca.pem` in the folder. The names are what the server may be called."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        request, extensions = folder / "request.pem", folder / "extensions"
        alternatives = ",".join([f"DNS:{name}" for name in names] + [f"IP:{address}"])
        extensions.write_text(
            f"subjectAltName={alternatives}\nextendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n"
        )
        openssl(
            *("req", *NEW_KEY, "-noenc", "-subj", f"/CN={names[0]}"),
            *("-keyout", folder / "key.pem", "-out", request),
        )
        openssl(
            *("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key, "-CAcreateserial"),
            *("-days", "2", "-extfile", extensions, "-out", folder / "cert.pem"),
        )
        (folder / "ca.pem").write_text(self.pem)
        # Samba refuses to start with a key that others may read.
        (folder / "key.pem").chmod(0o600)


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
