#!/bin/sh
# All that our images need of an operating system, gathered into a folder: Node, the libraries that it and its add-ons
# are linked with, and one user. No shell, no package manager.
set -eu
to=$1
node=$(readlink -f "$(command -v node)")
libraries=$(ldd "$node" | grep -o '/[^ ]*')
# Of sharp, beside those of Node.
resolver=$(dirname "$(ldd "$node" | grep -o '/[^ ]*libc\.so\.6')")/libresolv.so.2

# The last three are where a container has the kernel’s own; /etc/anteroom is for files that settings name.
mkdir -p "$to/usr/local/bin" "$to/etc/anteroom" "$to/anteroom" "$to/proc" "$to/dev" "$to/sys"
mkdir -m 1777 "$to/tmp"
cp "$node" "$to/usr/local/bin/node"
for library in $libraries "$resolver"; do
  mkdir -p "$to$(dirname "$library")"
  cp -L "$library" "$to$library"
done
echo 'anteroom:x:10001:10001::/anteroom:/nonexistent' > "$to/etc/passwd"
echo 'anteroom:x:10001:' > "$to/etc/group"
echo 'hosts: files dns' > "$to/etc/nsswitch.conf"
# sharp asks for it where it draws none.
mkdir -p "$to/etc/fonts"
echo '<?xml version="1.0"?><fontconfig><cachedir>/tmp/fontconfig</cachedir></fontconfig>' > "$to/etc/fonts/fonts.conf"
