BEGIN { exit() }
