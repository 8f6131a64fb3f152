# Check #include lines against the table in HACKING.md.  First input: HACKING.md, then
# the sources.  Prints one line a fault.
BEGIN {
	library["zstd.h"] = library["zstd_errors.h"] = "libzstd"
	library["cblas.h"] = library["openblas_config.h"] = "CBLAS"
	library["pcap.h"] = library["pcap/pcap.h"] = library["pcap/dlt.h"] = "libpcap"
	library["pthread.h"] = "pthread"
	library["xgboost/c_api.h"] = "libxgboost"
	library["linear.h"] = "liblinear"
	library["libsvm/svm.h"] = "libsvm"
	library["nettle/aes.h"] = "libnettle"
	library["sodium.h"] = "libsodium"
}

# The folder of the table that a file belongs to.  Rooms of a tool or a layer are folders
# below it, with rows of their own.
function room(file,    p, n) {
	n = split(file, p, "/")
	if (p[1] == "tools" && n <= 3)
		return "tools/"
	sub(/[^\/]*$/, "", file)
	return file
}

function own_room(tool, name) {
	return "tools/" tool "/" name "/"
}

# One row: | `common/nn/` | holds | may include | libraries |
FNR == NR {
	if ($0 !~ /^\| `(common|tools)\//)
		next
	split($0, cell, / *\| */)
	dir = cell[2]
	gsub(/`/, "", dir)
	if (dir ~ /^tools\/ns-X/)
		dir = "tools/"
	else if (dir ~ /^common/)
		layer[substr(dir, 8, length(dir) - 8)] = 1
	may[dir] = cell[4]
	libs[dir] = cell[5]
	rows++
	next
}

!/^[ \t]*#[ \t]*include/ {
	next
}

/"/ {
	split($0, q, "\"")
	check_own(FILENAME, q[2])
	next
}

/</ {
	name = $0
	sub(/.*</, "", name)
	sub(/>.*/, "", name)
	if (name in library)
		check_library(FILENAME, library[name])
}

function check_own(file, name,    p, n, here, part, layer_of) {
	here = room(file)
	n = split(name, p, "/")
	split(file, part, "/")
	if (n == 1) { # the same folder, or for a tool's room the tool's
		if (here ~ /^tools\/./ && !is_file(here name) && !listed(may[here], part[2]))
			print file ": " here " may not include \"" name "\" of " part[2]
		return
	}
	if (n == 2 && own_room(part[2], p[1]) in may) {
		if (here != "tools/" && here != own_room(part[2], p[1]) && !listed(may[here], p[1]))
			print file ": " here " may not include \"" name "\""
		return
	}
	layer_of = name
	sub(/\/[^\/]*$/, "", layer_of)
	if (here != "tools/" && !(here in may))
		print file ": no row for " here
	if (!(layer_of in layer))
		print file ": includes \"" name "\", which is in no layer"
	else if (here != "tools/" && here != "common/" layer_of "/" && !listed(may[here], layer_of))
		print file ": " here " may not include \"" name "\""
}

function is_file(path,    line, found) {
	found = (getline line <path) >= 0
	close(path)
	return found
}

function listed(text, word,    p, n, i) {
	n = split(text, p, /[ ,;]+/)
	for (i = 1; i <= n; i++)
		if (p[i] == word)
			return 1
	return 0
}

# The cell says: LIBRARY, or LIBRARY, in `FILE` only, or LIBRARY, in TOOL only.
function check_library(file, lib,    text, at, where) {
	text = libs[room(file)]
	gsub(/`/, "", text)
	at = index(text, lib)
	if (at == 0) {
		print file ": " room(file) " may not use " lib
		return
	}
	text = substr(text, at + length(lib))
	if (text !~ /^, in [^ ;]+ only/)
		return
	split(text, where, " ")
	if (index(file, "/" where[3] "/") == 0 && file !~ ("/" where[3] "$"))
		print file ": only " where[3] " may use " lib
}

END {
	if (rows < 3)
		print "HACKING.md: no layer table found"
}
