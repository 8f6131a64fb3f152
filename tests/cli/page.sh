#!/bin/sh
# page.sh PAGE [OUTDIR]: open a page of ns-eval -f html in headless Chromium at widths of
# 360, 800 and 1400 px.  Prints "figures=N widths=3 ok" or what is wrong, with status 1;
# status 77 without Chromium.  With OUTDIR, six pictures for people go there, light and
# dark, as WIDTH-light.png and WIDTH-dark.png.
#
# Checked at each width: there are figures; each has a plot of a fair size, with lines,
# bars, cells or points that extend beyond the axes, or a note that there is nothing to
# draw; the page does not scroll sideways; letters in plots are at least 9 px high.
# Checked once: nothing is loaded from elsewhere, no script, no identifier twice.
set -eu
[ $# = 1 ] || [ $# = 2 ] || {
	echo 'usage: page.sh page [outdir]' >&2
	exit 2
}
page=$1
out=${2:-}
browser=
for name in chromium chromium-browser google-chrome; do
	if command -v "$name" >/dev/null; then
		browser=$name
		break
	fi
done
[ -n "$browser" ] || {
	echo 'page.sh: no chromium'
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

wrong() {
	echo "page.sh: $page: $1"
	exit 1
}

[ -s "$page" ] || wrong 'there is no such page'
! grep -qiE "(src|href)=[\"']?(https?:)?//|url\\( *[\"']?(https?:)?//|@import" "$page" ||
	wrong 'it loads something from elsewhere'
! grep -qi '<script' "$page" || wrong 'it has a script'
twice=$(grep -oE ' id="[^"]*"' "$page" | sort | uniq -d | head -n 1)
[ -z "$twice" ] || wrong "two elements have$twice"

# The page with a probe behind it; what the probe finds becomes the title of the page.
# An inner frame gives any width: windows of a browser cannot be as narrow as a phone.
cat "$page" - >"$dir/probed.html" <<'END'
<script>
function drawn(svg) {
	/* Axes, ticks and grid are level or upright lines in the colours of the plot. */
	for (const e of svg.querySelectorAll("path,polygon,polyline,circle")) {
		const ink = e.getAttribute("stroke") || "", fill = e.getAttribute("fill") || "";
		const box = e.getBoundingClientRect();
		if (/--plot-/.test(ink) || !(ink + fill).includes("var(--"))
			continue;
		if (box.width > 0 || box.height > 0)
			return true;
	}
	return false;
}
function size(text) {
	return parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().d;
}
function look() {
	const wide = document.documentElement.clientWidth, found = [];
	const figures = document.querySelectorAll("figure");
	for (const f of figures) {
		const svg = f.querySelector("svg"), box = svg && svg.getBoundingClientRect();
		if (!svg && f.querySelector(".empty"))
			continue;
		if (!svg || box.width <= 100 || box.height <= 80)
			found.push(f.id + " has no plot of a fair size");
		else if (!drawn(svg))
			found.push(f.id + " has axes only");
		else if ([...svg.querySelectorAll("text")].some(t => Math.abs(size(t)) < 9 &&
		    t.getScreenCTM().b === 0))
			found.push(f.id + " has letters below 9 px");
	}
	if (figures.length === 0)
		found.push("there are no figures");
	if (document.documentElement.scrollWidth > wide)
		found.push("it is " + document.documentElement.scrollWidth + " px wide");
	for (const e of document.querySelectorAll("body, body *")) {
		const inside = e.closest("svg, .scroll") && !e.matches("svg, .scroll");
		if (!inside && e.getBoundingClientRect().right > wide + 1) {
			found.push(e.tagName + " " + e.className + " reaches beyond the window");
			break;
		}
	}
	parent.postMessage("figures=" + figures.length + ";" + (found.length ?
	    "at " + innerWidth + " px: " + found.join(", ") : "ok") + "|", "*");
}
addEventListener("load", look);
</script>
END

# run THEME OPTION... URL: preferredColorScheme is 0 for dark and 1 for light.
run() {
	case $1 in dark) scheme=0 ;; *) scheme=1 ;; esac
	profile=$dir/profile-$1
	shift
	timeout 25 "$browser" --headless --no-sandbox --disable-gpu --disable-quic \
		--no-first-run --disable-background-networking --disable-component-update \
		--disable-sync --hide-scrollbars --allow-file-access-from-files \
		--user-data-dir="$profile" "--blink-settings=preferredColorScheme=$scheme" \
		--virtual-time-budget=5000 "$@" 2>/dev/null
}

cat >"$dir/frames.html" <<'END'
<!DOCTYPE html><meta charset="utf-8"><title></title>
<script>addEventListener("message", e => { document.title += e.data; });</script>
<iframe src="probed.html" style="border:0;width:360px;height:900px"></iframe>
<iframe src="probed.html" style="border:0;width:800px;height:900px"></iframe>
<iframe src="probed.html" style="border:0;width:1400px;height:900px"></iframe>
END
run light --window-size=1500,1000 --dump-dom "file://$dir/frames.html" >"$dir/dom" ||
	wrong 'the browser failed'
said=$(sed -n 's/.*<title>\([^<]*\)<\/title>.*/\1/p' "$dir/dom" | head -n 1)
bad=$(echo "$said" | tr '|' '\n' | grep -v ';ok$' | sed '/^$/d; s/^[^;]*;//' | head -n 1)
[ -z "$bad" ] || wrong "$bad"
[ "$(echo "$said" | tr '|' '\n' | grep -c ';ok$')" = 3 ] || wrong 'the probe did not run'
figures=${said%%;*}

picture() { # picture WIDTH THEME
	run "$2" "--window-size=$1,4000" "--screenshot=$out/$1-$2.png" \
		"file://$dir/plain.html" >/dev/null
}
pictures() {
	mkdir -p "$out"
	out=$(cd "$out" && pwd)
	cp "$page" "$dir/plain.html"
	for width in 360 800 1400; do
		rm -f "$out/$width-dark.png" "$out/$width-light.png"
		picture "$width" dark &
		picture "$width" light || :
		wait
		[ -s "$out/$width-dark.png" ] && [ -s "$out/$width-light.png" ] ||
			wrong "no picture at $width px"
	done
}
[ -z "$out" ] || pictures
echo "$figures widths=3 ok"
