/** Shows the document of this very Yemae; nothing is fetched from elsewhere. */
window.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  validatorUrl: null,
  tagsSorter: 'alpha',
})
