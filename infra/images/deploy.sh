#!/bin/sh
# Lays an app, built, with what it needs of others into a folder.
#   deploy.sh <folder of the app> <folder to lay it into>
set -eu
app=$1
to=$2
name=$(node -p "require('./$app/package.json').name")
pnpm --filter "$name" deploy --prod --store-dir /store "$to"
# Ours is inside dist; what else stands there is TypeScript that nothing runs.
find "$to" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name package.json -exec rm -rf {} +
find "$to/node_modules" -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' | xargs rm -f
# Of fonts and barcodes, most is what nobody writes with.
find "$to/node_modules" -path '*/dejavu-fonts-ttf/ttf/*' ! -name DejaVuSans.ttf ! -name DejaVuSans-Bold.ttf -type f \
  -o -path '*/bwip-js/src/*' -type f -o -path '*/bwip-js/barcode.ps' -o -name '*.standalone.js' | xargs rm -f
cp -r "$app/dist" "$to/dist"
