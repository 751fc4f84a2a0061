# Prints the transaction that makes the rules of one file those of another, with no more than the chains and elements that differ:
# chains.awk OLD NEW. Exit 1 if something else differs, or so much that the whole is as fast and takes less memory, or if a file is not laid
# out as the server does it.
BEGIN { most = 100000 }
function whole() { failed = 1; exit 1 }
function fixed(line) { return kind == "chain" ? line ~ /^ *type / : line != "" && line !~ /^ *elements = / }
function elements(line, list,    parts, n) {
    if (!sub(/^ *elements = \{ /, "", line) || !sub(/ \}$/, "", line)) return
    for (n = split(line, parts, ", "); n > 0; n--) list[parts[n]]
}
function told(verb, list, but,    each, words) {
    for (each in list) if (!(each in but)) words = words (words == "" ? "" : ", ") each
    if (words != "") print verb " element " block " { " words " }"
}
function close_block() {
    if (pass == 1) { sizes[block] = size; return }
    for (n = size + 1; n <= sizes[block]; n++) { differs = 1; if (fixed(before[block, n])) whole() }
    if (!differs) return
    changed[block]
    if (kind != "chain") { for (n = 1; n <= size; n++) if (now[n] ~ /^ *elements = /) came[block] = now[n]; return }
    body[++lines] = (table == opened ? "" : (opened == "" ? "" : "}\n") "table " table " {\n") head
    for (n = 1; n <= size; n++) { body[++lines] = now[n]; bytes += length(now[n]) }
    body[++lines] = "}"
    opened = table
    if (bytes > most) whole()
}

# First, because most is this.
skipping { if ($0 == end) { skipping = 0; block = "" } next }
FNR == 1 { pass++; block = ""; frames = 0 }
block != "" {
    if ($0 == end) { close_block(); block = ""; next }
    size++
    if (kind == "chain" && (weight += length($0)) > most || substr($0, length($0)) == "{") whole()
    if (pass == 1) { before[block, size] = $0; next }
    now[size] = $0
    if (before[block, size] == $0) next
    if (fixed($0) || fixed(before[block, size])) whole()
    differs = 1
    next
}
NF == 3 && $3 == "{" && $1 ~ /^(chain|map|set)$/ {
    kind = $1
    block = table " " $2
    head = end = $0
    sub(/[^ ].*/, "}", end)
    if ((pass, block) in kinds) whole()
    kinds[pass, block] = kind
    size = weight = 0
    known = (1, block) in kinds
    differs = !known
    # What is called after its rules has no others.
    skipping = $2 ~ /^rules-/ && (pass == 1 || known)
    next
}
# Around chains and maps there is nothing but their tables.
{
    if ($1 == "table") table = $2 " " $3
    else if ($0 != "}" && $0 != "flush ruleset inet") whole()
    if (pass == 1) frame[++frames] = $0
    else if (frame[++frames] != $0) whole()
}
END {
    if (failed || pass != 2 || block != "") exit 1
    for (name in kinds) {
        if (substr(name, 1, 1) != "1") continue
        block = substr(name, 3)
        if ((2, block) in kinds) continue
        kind = kinds[name]
        if (kind != "chain" || fixed(before[block, 1])) exit 1
        gone[block]
        print "flush chain " block
    }
    # A chain that comes may be there already, from an attempt that was cut off.
    for (block in changed) if (kinds[2, block] == "chain") print "add chain " block "\nflush chain " block
    for (n = 1; n <= lines; n++) print body[n]
    if (opened != "") print "}"
    for (block in gone) print "delete chain " block
    for (block in changed) {
        if (kinds[2, block] == "chain") continue
        split("", old)
        split("", new)
        for (n = 1; n <= sizes[block]; n++) elements(before[block, n], old)
        elements(came[block], new)
        told("delete", old, new)
        told("add", new, old)
    }
}
