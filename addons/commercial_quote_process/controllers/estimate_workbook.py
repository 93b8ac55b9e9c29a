from odoo.http import Controller, content_disposition, request, route

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class EstimateWorkbook(Controller):
    """The estimate as a spreadsheet, for people who may read it and what it costs."""

    @route(
        "/quote/estimate/<int:estimate_id>/workbook",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def estimate_workbook(self, estimate_id):
        """Return the file; what does not exist and what is hidden look the same."""
        estimate = request.env["quote.estimate"].browse(estimate_id).exists()
        if not estimate or not estimate.has_access("read"):
            raise request.not_found()
        content = estimate._export_workbook()
        name = f"{request.env._('Estimate')} {estimate.display_name}.xlsx"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
