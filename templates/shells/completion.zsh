#compdef @PROGRAM@
# Completion of @PROGRAM@ in zsh, to be sourced, or kept as _@PROGRAM@ in a folder of fpath.

_@PREFIX@() {
    local line value about takes_files=
    local -a lines spaced unspaced
    lines=("${(@f)$(command @PROGRAM@ __complete -- "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null)}")
    for line in $lines; do
        value=${line%%$'\t'*} about=${line#$value}
        case $line in
            :files) takes_files=1 ;;
            *) case $value in
                *[=:]) unspaced+=("${value//:/\\:}${about/$'\t'/:}") ;;
                *) spaced+=("${value//:/\\:}${about/$'\t'/:}") ;;
            esac ;;
        esac
    done
    (($#spaced)) && _describe -t words @PROGRAM@ spaced
    (($#unspaced)) && _describe -t words @PROGRAM@ unspaced -S ''
    if [[ -n $takes_files ]]; then
        compset -P '--*='
        _files
    fi
    return 0
}

if [[ $funcstack[1] == _@PROGRAM@ ]]; then
    _@PREFIX@ "$@"
else
    (($+functions[compdef])) || { autoload -Uz compinit && compinit }
    compdef _@PREFIX@ @PROGRAM@
fi
