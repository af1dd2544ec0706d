# Completion of @PROGRAM@ in fish.

function __@PREFIX@_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (command @PROGRAM@ __complete -- $words[2..] "$current" 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path "$current"
        else
            printf '%s\n' $line
        end
    end
end

complete -c @PROGRAM@ -e
complete -c @PROGRAM@ -f -a '(__@PREFIX@_complete)'
