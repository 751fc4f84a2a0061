# Turns "nft list table ip traffic" into the members of a JSON object: what each address and card has received and sent, bytes.
$1 == "set" { set = $2 }
/elements = \{/ { sub(/.*elements = \{/, ""); inside = 1 }
inside {
    line = $0
    if (sub(/\}.*/, "", line)) inside = 0
    elements = elements " " line
    if (!inside) {
        n = split(elements, element, ",")
        elements = ""
        for (i = 1; i <= n; i++) {
            if (split(element[i], word, " ") < 6) continue
            gsub(/"/, "", word[1])
            kind = set ~ /address/ ? "addresses" : "cards"
            if (!((kind, word[1]) in seen)) {
                seen[kind, word[1]] = 1
                names[kind] = names[kind] " " word[1]
            }
            bytes[set ~ /^received/, kind, word[1]] = word[6]
        }
    }
}
function list(kind,    n, name, i, text) {
    n = split(names[kind], name, " ")
    for (i = 1; i <= n; i++)
        text = text (i > 1 ? "," : "") "{\"name\":\"" name[i] "\",\"received\":" bytes[1, kind, name[i]] + 0 ",\"sent\":" bytes[0, kind, name[i]] + 0 "}"
    return "\"" kind "\":[" text "]"
}
END { print list("addresses") "," list("cards") }
