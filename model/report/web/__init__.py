"""The parts of the web page: charts as SVG, blocks as HTML, and the style and script that stand in it."""
