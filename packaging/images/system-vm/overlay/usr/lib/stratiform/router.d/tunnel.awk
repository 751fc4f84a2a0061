# Prints how one connection stands, as a JSON object, from its file and what charon lists.
!sas {
    if ($1 ~ /^net[0-9]+$/ && $2 == "{") children++
    next
}
/^[^ ]/ { mine = $1 == name ":" }
!mine { next }
/^[^ ]/ { any = 1; next }
/^  net[0-9]+:/ && / INSTALLED,/ { installed[$1] }
END {
    for (child in installed) n++
    state = !answers ? "broken" : n && n >= children ? "up" : any ? "connecting" : "down"
    printf "{\"name\":\"%s\",\"state\":\"%s\"}\n", name, state
}
