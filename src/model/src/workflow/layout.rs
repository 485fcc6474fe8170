//! Tidy layout: the nodes of a graph in layers from left to right, with few crossings.
