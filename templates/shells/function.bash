
# `@PROGRAM@ use NAME` points this shell at a machine, `@PROGRAM@ use -u` takes that back.
@PROGRAM@() {
    local commands
    if [[ ${1-} != use || " $* " == *" -h "* || " $* " == *" --help "* || " $* " == *" --json "* ]]; then
        command @PROGRAM@ "$@"
        return
    fi
    shift
    commands=$(command @PROGRAM@ env --shell bash "$@") || return
    eval "$commands"
    if [[ ${DOCKER_MACHINE_NAME-} ]]; then
        echo "Active machine: $DOCKER_MACHINE_NAME"
    fi
}

# For the prompt: the machine that this shell is pointed at, as in PS1='\w$(__@PREFIX@_ps1 " [%s]")\$ '
__@PREFIX@_ps1() {
    if [[ ${DOCKER_MACHINE_NAME-} ]]; then
        printf -- "${1:- [%s]}" "$DOCKER_MACHINE_NAME"
    fi
}
