# Prints a bind line for the first IPv4 address of each guest interface: further ones are load balancers'.
$2 == "guest" {
    name = tolower($1)
    gsub(/:/, "", name)
    n = split($3, list, ",")
    for (i = 1; i <= n; i++)
        if (list[i] !~ /:/) {
            sub(/\/.*/, "", list[i])
            print "    bind " list[i] ":" port " interface g-" name
            break
        }
}
