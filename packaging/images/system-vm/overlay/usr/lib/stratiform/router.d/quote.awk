# Prints a part, under a name such as "failed", and its output as members of a JSON object.
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    gsub(/\t/, "\\t")
    gsub(/[\001-\037\177]/, "")
    text = text (NR > 1 ? "\\n" : "") $0
}
END { printf "\"%s\":\"%s\",\"text\":\"%s\"\n", name, part, text }
