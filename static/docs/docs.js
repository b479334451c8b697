// Every operation folded away under its domain: there are hundreds.
const target = document.getElementById("docs");
window.ui = SwaggerUIBundle({
  url: target.dataset.schema,
  domNode: target,
  docExpansion: "none",
  defaultModelsExpandDepth: -1,
  filter: true,
  tagsSorter: "alpha",
  persistAuthorization: false,
  validatorUrl: null,
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
});
