//! Geometry of the canvas: sizes, ports, the way of an edge, snapping, and what a rectangle holds.
