from odoo.http import Controller, content_disposition, request, route

from ..tools.compliance_workbook import write_compliance_workbook

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ComplianceController(Controller):
    """Download of the compliance matrix, by people who may read the estimate."""

    @route("/quote/estimate/<int:estimate_id>/compliance.xlsx", type="http", auth="user")
    def quote_compliance_workbook(self, estimate_id):
        """Return the compliance matrix of an estimate as a spreadsheet.

        :param int estimate_id: id of the ``quote.estimate``
        :raise AccessError: when the person may not read the estimate
        """
        estimate = request.env["quote.estimate"].browse(estimate_id).exists()
        if not estimate:
            raise request.not_found()
        estimate.check_access("read")
        env = request.env
        headers = [
            env._("Reference"),
            env._("Requirement"),
            env._("Priority"),
            env._("Answer"),
            env._("Comment"),
            env._("Covered by"),
        ]
        title = env._("Requirements")
        rows = estimate._get_labelled_compliance_rows()
        content = write_compliance_workbook(rows, headers, title)
        filename = f"{title} {estimate.name}.xlsx"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX_TYPE),
                ("Content-Disposition", content_disposition(filename)),
            ],
        )
