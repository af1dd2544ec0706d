
# `@PROGRAM@ use NAME` points this shell at a machine, `@PROGRAM@ use -u` takes that back.
function @PROGRAM@
    if test "$argv[1]" != use; or contains -- -h $argv; or contains -- --help $argv; or contains -- --json $argv
        command @PROGRAM@ $argv
        return
    end
    set -l commands (command @PROGRAM@ env --shell fish $argv[2..]); or return
    printf '%s\n' $commands | source
    if set -q DOCKER_MACHINE_NAME
        echo "Active machine: $DOCKER_MACHINE_NAME"
    end
end

# For the prompt: the machine that this shell is pointed at.
function __@PREFIX@_ps1
    if set -q DOCKER_MACHINE_NAME
        set -l format ' [%s]'
        set -q argv[1]; and set format $argv[1]
        printf $format $DOCKER_MACHINE_NAME
    end
end
