# Prints the numbers of those clients' sessions that belong to no user, from the users' file and what charon lists. Who is still about to
# say a name counts among them. What a client calls itself comes first in its line; the name that it proved comes last.
!sas {
    if ($1 == "id") known[tolower($3)]
    next
}
/^[^ ]/ {
    tell()
    number = $1 ~ /^clients-/ ? $2 : ""
    gsub(/[#,]/, "", number)
    name = ""
}
/^  remote / && /(EAP|XAuth): '/ {
    name = $0
    sub(/.*(EAP|XAuth): '/, "", name)
    sub(/'.*/, "", name)
}
END { tell() }
function tell() { if (number != "" && !(tolower(name) in known)) print number }
