# Copyright: the mpiswarm authors
#
# SPDX-License-Identifier: Apache-2.0

from spack.package import *


class Mpiswarm(Package):
    """Copies files onto the nodes of a parallel job by a peer-to-peer swarm over MPI.

    Unpacks the relocatable tarball that `make tarball` builds: no Swift is needed."""

    url = "@URL@"

    license("Apache-2.0")

    version("@VERSION@", sha256="@SHA256@")

    depends_on("openmpi@4.1", type=("link", "run"))
    depends_on("pmix@4:", type=("link", "run"))
    depends_on("openssl@3", type=("link", "run"))
    depends_on("xxhash@0.8:", type=("link", "run"))
    depends_on("patchelf", type="build")

    def install(self, spec, prefix):
        install_tree("bin", prefix.bin)
        install_tree("share", prefix.share)
        libraries = [spec[name].libs.directories for name in ("pmix", "openssl", "xxhash")]
        libraries.append(spec["openmpi"].libs.directories)
        paths = ":".join(path for each in libraries for path in each)
        which("patchelf")("--set-rpath", paths, prefix.bin.mpiswarm)

    def test_version(self):
        """The program starts with the libraries that were found."""
        which(self.prefix.bin.mpiswarm)("--version")
