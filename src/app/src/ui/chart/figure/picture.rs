//! A drawing of the page as a picture that stands alone.

use crate::ui::format;
use js_sys::{Array, Number, Promise};
use leptos::prelude::document;
use leptos::wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, CssStyleDeclaration, Element, HtmlCanvasElement,
    HtmlImageElement, Url, Window, XmlSerializer,
};

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// What style sheets say of shapes.
const SHAPE: &[&str] = &[
    "fill",
    "fill-opacity",
    "opacity",
    "paint-order",
    "stroke",
    "stroke-dasharray",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
    "stroke-width",
    "visibility",
];

/// What they say of words, besides.
const WORDS: &[&str] = &[
    "dominant-baseline",
    "font-family",
    "font-size",
    "font-weight",
    "text-anchor",
];

/// The length of a canvas's side that every browser takes.
const SIDE: f64 = 8192.0;

/// The number of a canvas's dots that every browser takes.
const AREA: f64 = 16_777_216.0;

/// A picture that needs no style sheet.
pub struct Picture {
    text: String,
    width: f64,
    height: f64,
}

/// The drawing in a frame, which is not one of the icons.
pub fn find(frame: &Element) -> Option<Element> {
    frame
        .query_selector("svg:not([viewBox=\"0 0 24 24\"])")
        .ok()
        .flatten()
}

/// A file in memory.
///
/// # Errors
/// What the browser says.
pub fn blob(text: &str, kind: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options)
}

/// An element and all inside it, in the order of the page.
fn all(element: &Element) -> Result<Vec<Element>, JsValue> {
    let list = element.query_selector_all("*")?;
    let inside = (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok());
    Ok(std::iter::once(element.clone()).chain(inside).collect())
}

/// A colour in a form that programs other than browsers know, too: mixed colours come out as `color(srgb 1 0.5 0)`.
fn paint(value: String) -> String {
    let Some(inside) = value
        .strip_prefix("color(srgb ")
        .and_then(|rest| rest.strip_suffix(')'))
    else {
        return value;
    };
    let mut parts = inside
        .split([' ', '/'])
        .filter(|part| !part.is_empty())
        .map(|part| (part, Number::parse_float(part)));
    let mut channel = || {
        let (_, share) = parts.next().unwrap_or_default();
        (share * 255.0).round() as u8
    };
    let (red, green, blue) = (channel(), channel(), channel());
    match parts.next() {
        Some((alpha, _)) => format!("rgba({red}, {green}, {blue}, {alpha})"),
        None => format!("rgb({red}, {green}, {blue})"),
    }
}

/// Writes what the style sheets say of an element onto its copy.
fn dress(style: &CssStyleDeclaration, copy: &Element) -> Result<(), JsValue> {
    let kind = copy.local_name();
    let more: &[&str] = match kind.as_str() {
        "title" | "desc" | "metadata" => return Ok(()),
        "text" | "tspan" | "textPath" => WORDS,
        "stop" => &["stop-color", "stop-opacity"],
        _ => &[],
    };
    for name in SHAPE.iter().chain(more) {
        let value = style.get_property_value(name)?;
        if !value.is_empty() {
            copy.set_attribute(name, &paint(value))?;
        }
    }
    for name in ["class", "style", "tabindex"] {
        copy.remove_attribute(name)?;
    }
    // A link of the page leads nowhere from a file.
    if kind == "a" {
        copy.remove_attribute("href")?;
    }
    Ok(())
}

/// Whether an element is hidden by a style sheet, and not by its nature.
fn is_hidden(style: &CssStyleDeclaration, element: &Element) -> Result<bool, JsValue> {
    let hidden = style.get_property_value("display")? == "none";
    let kind = element.local_name();
    let never = [
        "clipPath",
        "defs",
        "desc",
        "linearGradient",
        "marker",
        "mask",
        "metadata",
        "pattern",
        "radialGradient",
        "stop",
        "symbol",
        "title",
    ];
    Ok(hidden && !never.contains(&kind.as_str()))
}

/// The colour behind an element.
fn ground(window: &Window, element: &Element) -> Result<Option<String>, JsValue> {
    let mut at = Some(element.clone());
    while let Some(element) = at {
        if let Some(style) = window.get_computed_style(&element)? {
            let colour = style.get_property_value("background-color")?;
            if !matches!(colour.as_str(), "" | "transparent" | "rgba(0, 0, 0, 0)") {
                return Ok(Some(paint(colour)));
            }
        }
        at = element.parent_element();
    }
    Ok(None)
}

/// The part of the plane that a drawing shows: left, top, width and height.
fn frame(svg: &Element) -> [String; 4] {
    let view = svg.get_attribute("viewBox").unwrap_or_default();
    let parts: Vec<_> = view
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect();
    parts.try_into().unwrap_or_else(|_| {
        let rect = svg.get_bounding_client_rect();
        let length = |length| format::pixels(length).trim_end_matches("px").to_owned();
        [
            "0".to_owned(),
            "0".to_owned(),
            length(rect.width()),
            length(rect.height()),
        ]
    })
}

/// A copy of a drawing with the looks that it has on the page.
///
/// # Errors
/// What the browser says.
pub fn copy(svg: &Element) -> Result<Picture, JsValue> {
    copy_part(svg, frame(svg))
}

/// The same of a part of the plane: left, top, width and height.
///
/// # Errors
/// What the browser says.
pub fn copy_part(svg: &Element, [left, top, width, height]: [String; 4]) -> Result<Picture, JsValue> {
    let window = web_sys::window().ok_or(JsValue::UNDEFINED)?;
    let copy: Element = svg.clone_node_with_deep(true)?.unchecked_into();
    let mut hidden = Vec::new();
    for (from, to) in all(svg)?.into_iter().zip(all(&copy)?) {
        if let Some(style) = window.get_computed_style(&from)? {
            dress(&style, &to)?;
            if is_hidden(&style, &from)? {
                hidden.push(to);
            }
        }
    }
    for element in hidden {
        element.remove();
    }
    if let Some(colour) = ground(&window, svg)? {
        let ground = document().create_element_ns(Some(SVG), "rect")?;
        for (name, value) in [
            ("x", left.as_str()),
            ("y", &top),
            ("width", &width),
            ("height", &height),
            ("fill", &colour),
            // The picture's own line is not the ground's.
            ("stroke", "none"),
        ] {
            ground.set_attribute(name, value)?;
        }
        copy.insert_before(&ground, copy.first_child().as_ref())?;
    }
    // The serializer writes the namespace by itself, and would write this one beside it.
    copy.remove_attribute("xmlns")?;
    copy.set_attribute("viewBox", &[&*left, &top, &width, &height].join(" "))?;
    copy.set_attribute("width", &width)?;
    copy.set_attribute("height", &height)?;
    Ok(Picture {
        text: XmlSerializer::new()?.serialize_to_string(&copy)?,
        width: Number::parse_float(&width),
        height: Number::parse_float(&height),
    })
}

impl Picture {
    /// The picture as an SVG file.
    ///
    /// # Errors
    /// What the browser says.
    pub fn svg(&self) -> Result<Blob, JsValue> {
        blob(&self.text, "image/svg+xml")
    }

    /// The picture as a PNG file, two dots a pixel each way; fewer where it would be too large.
    ///
    /// # Errors
    /// What the browser says.
    pub async fn png(&self) -> Result<Blob, JsValue> {
        let address = Url::create_object_url_with_blob(&self.svg()?)?;
        let blob = self.draw(&address).await;
        Url::revoke_object_url(&address)?;
        blob
    }

    async fn draw(&self, address: &str) -> Result<Blob, JsValue> {
        let image = HtmlImageElement::new()?;
        image.set_src(address);
        JsFuture::from(image.decode()).await?;
        let scale = (SIDE / self.width.max(self.height))
            .min((AREA / (self.width * self.height)).sqrt())
            .min(2.0);
        let (width, height) = (
            (self.width * scale).floor().max(1.0),
            (self.height * scale).floor().max(1.0),
        );
        let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
        let context: CanvasRenderingContext2d = canvas
            .get_context("2d")?
            .ok_or(JsValue::UNDEFINED)?
            .unchecked_into();
        context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
        let mut asked = Ok(());
        let made = Promise::new(&mut |resolve, _| asked = canvas.to_blob(&resolve));
        asked?;
        // Null where the browser made none.
        JsFuture::from(made).await?.dyn_into()
    }
}
