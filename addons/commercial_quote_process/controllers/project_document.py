from odoo.exceptions import AccessError
from odoo.http import Controller, request, route


class ProjectDocument(Controller):
    """Documents of the quote, for people who deliver it and have no right on quotes."""

    @route(
        "/quote/project/<int:project_id>/document/<int:attachment_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def project_document(self, project_id, attachment_id):
        """Return the file; what does not exist and what is hidden look the same."""
        project = request.env["project.project"].browse(project_id).exists()
        try:
            attachment_sudo = project and project._get_sold_document(attachment_id)
        except AccessError:
            attachment_sudo = None
        if not attachment_sudo:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(attachment_sudo)
        # Never shown by the browser: a file of the client may be a page with scripts.
        return stream.get_response(as_attachment=True)
