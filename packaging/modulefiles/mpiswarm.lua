-- Lmod's description of mpiswarm. It lies in share/modulefiles/mpiswarm of the folder that the
-- program was unpacked or installed into, and names no path: the folder may be moved.
local root = myFileName():match("^(.*)/share/modulefiles/mpiswarm/[^/]*$")

help([[mpiswarm copies files onto the nodes of a parallel job: man mpiswarm]])
whatis("Name: mpiswarm")
whatis("Version: " .. myModuleVersion())
whatis("Description: copies files onto the nodes of a parallel job by a peer-to-peer swarm")

prepend_path("PATH", pathJoin(root, "bin"))
prepend_path("MANPATH", pathJoin(root, "share/man"))
prepend_path("XDG_DATA_DIRS", pathJoin(root, "share"))
