# Prints a failed part and its output as members of a JSON object.
{
    gsub(/\\/, "\\\\")
    gsub(/"/, "\\\"")
    gsub(/\t/, "\\t")
    gsub(/[\001-\037\177]/, "")
    text = text (NR > 1 ? "\\n" : "") $0
}
END { printf "\"failed\":\"%s\",\"text\":\"%s\"\n", part, text }
