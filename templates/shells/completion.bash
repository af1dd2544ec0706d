# Completion of @PROGRAM@ in bash, without bash-completion; written for the version 3.2 of macOS too.

__@PREFIX@_complete() {
    local IFS=$'\n' index piece rest unblanked prefix line value takes_files=
    local words=()
    # bash splits words at = : and @ too; pieces without a blank between them are one word to the program.
    rest=${COMP_LINE:0:COMP_POINT}
    for ((index = 0; index <= COMP_CWORD; index++)); do
        piece=${COMP_WORDS[index]}
        unblanked=${rest#"${rest%%[![:space:]]*}"}
        # What stands behind the cursor does not count.
        ((index == COMP_CWORD)) && piece=$unblanked
        if ((index > 0)) && [[ $unblanked == "$rest" ]]; then
            words[${#words[@]} - 1]+=$piece
        else
            words+=("$piece")
        fi
        rest=${unblanked#"$piece"}
    done
    # Only the last piece is replaced, and nothing of it when it is what bash splits at.
    prefix=${words[${#words[@]} - 1]}
    [[ $piece == [=:@] ]] || prefix=${prefix%"$piece"}

    COMPREPLY=()
    while read -r line; do
        value=${line%%$'\t'*}
        if [[ $line == :files ]]; then takes_files=1; else COMPREPLY+=("${value#"$prefix"}"); fi
    done < <(command @PROGRAM@ __complete -- "${words[@]:1}" 2>/dev/null)

    if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[=:] ]]; then
        type compopt &>/dev/null && compopt -o nospace
    fi
    if [[ $takes_files ]]; then
        [[ $piece == [=:@] ]] && piece=
        # With it bash would put a backslash before the colon of "machine:".
        ((${#COMPREPLY[@]} == 0)) && type compopt &>/dev/null && compopt -o filenames
        COMPREPLY+=($(compgen -f -- "$piece"))
    fi
}

complete -F __@PREFIX@_complete @PROGRAM@
