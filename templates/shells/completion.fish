# Completion of @PROGRAM@ in fish.

function __@PREFIX@_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    # The value alone, of --flag=value.
    set -l prefix (string match -r -- '^--[^=]*=' "$current")
    for line in (command @PROGRAM@ __complete -- $words[2..] "$current" 2>/dev/null)
        if test "$line" = :files
            for path in (__fish_complete_path (string sub -s (math 1 + (string length -- "$prefix")) -- "$current"))
                printf '%s\n' "$prefix$path"
            end
        else
            printf '%s\n' $line
        end
    end
end

complete -c @PROGRAM@ -e
complete -c @PROGRAM@ -f -a '(__@PREFIX@_complete)'
